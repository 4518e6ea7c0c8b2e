"""Markup that has got past sanitisers: mutation XSS from public reports, plain handlers, frames, and htmx's attributes.

`RUN` is what each of them does if it runs: it asks the server for `/pwned`.
"""

from __future__ import annotations

RUN = "fetch(`/pwned`)"  # no space, no quotes: it stands in any attribute
HTMX = "<script src=/static/django_htmx/htmx-2.min.js></script><b hx-get=/pwned hx-trigger=load>x</b>"

PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}></svg>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>",
    f"<p onclick={RUN} onmouseover={RUN}>x</p>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f'<a href="javascript:{RUN}">x</a>',
    f'<a href="java\tscript:{RUN}">x</a>',
    f'<a href="&#106;avascript:{RUN}">x</a>',
    f'<a href="data:text/html,<script>{RUN}</script>">x</a>',
    f'<form action="javascript:{RUN}"><button>x</button></form>',
    f'<form><button formaction="javascript:{RUN}">x</button></form>',
    f"<iframe srcdoc='{HTMX}'></iframe>",
    f'<iframe src="javascript:{RUN}"></iframe>',
    f'<object data="data:text/html,<script>{RUN}</script>"></object>',
    '<embed src="/pwned">',
    '<link rel="stylesheet" href="/pwned">',
    '<style>@import "/pwned";</style>',
    '<meta http-equiv="refresh" content="0;url=/pwned">',
    '<base href="/pwned/">',
    "<p style='background:url(/pwned)'>x</p>",
    '<b hx-get="/pwned" hx-trigger="load">x</b>',
    '<b data-hx-get="/pwned" data-hx-trigger="load">x</b>',
    # mutation: what one parser closes, another opens
    f"<math><mtext><table><mglyph><xmp><iframe srcdoc='{HTMX}'></iframe></xmp></mglyph></table></mtext></math>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<math><mtext><table><mglyph><style><math><table id='</table>'><img src onerror={RUN}>",
    f"<svg></p><style><a id='</style><img src=1 onerror={RUN}>'>",
    f"<svg><desc><svg><style><a title='</style></svg><img src onerror={RUN}>'></a>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'></p></noscript>",
    f"<title><a title='</title><img src=x onerror={RUN}>'></a></title>",
    f"<textarea><a title='</textarea><img src=x onerror={RUN}>'></a></textarea>",
    f"<template><img src=x onerror={RUN}></template>",
    f"<select><template><style><!--</style><a rel='--></style></template></select><img src=1 onerror={RUN}>'>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<img src=x onerror={RUN}>]]>",
    f"<p title='`><img src=x onerror={RUN}>'>x</p>",
    f"<svg><foreignObject><p><iframe srcdoc='{HTMX}'></iframe></p></foreignObject></svg>",
    # Liquid is kept as it was written: what it holds must be no markup either
    f'{{{{ "</p><img src=x onerror={RUN}>" }}}}',
    f"{{% comment %}}<img src=x onerror={RUN}>{{% endcomment %}}",
    f'<a href="{{{{ x }}}}" title=\'{{{{ "><img src=x onerror={RUN}>" }}}}\'>x</a>',
    f"{{{{ x <img src=x onerror={RUN}> }}}}",
]
