"""A person by hand: the id, and rows of attribute, kind and value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from messaging import attributes

KINDS = [(kind.value, label) for kind, label in attributes.LABELS.items()]


class PersonForm(forms.Form):
    external_id = forms.CharField(
        label="Id", max_length=150, help_text="The id your app identifies them by; it cannot be changed later."
    )


@dataclass
class Row:
    name: str = ""
    kind: str = "text"
    value: str = ""
    error: str = ""


class AttributeForm:
    """Bound to what was posted, or to attributes that are kept. Rows without name and value are nothing."""

    def __init__(self, kept: dict[str, Any] | None = None, data: QueryDict | None = None) -> None:
        self.kinds, self.error, self.attributes = KINDS, "", dict[str, Any]()
        if data is None:
            ordered = sorted((kept or {}).items())
            self.rows = [Row(name, attributes.kind_of(value).value, attributes.shown(value)) for name, value in ordered]
            return
        lists = (data.getlist("attribute_name"), data.getlist("attribute_kind"), data.getlist("attribute_value"))
        if len({len(one) for one in lists}) > 1:
            self.error = "The form did not arrive whole: send it again."
        every = [Row(*one) for one in zip(*lists, strict=False)]
        self.rows = [row for row in every if row.name.strip() or row.value.strip()]
        if len(self.rows) > attributes.MOST:
            self.error = f"A person has at most {attributes.MOST} attributes: remove some."
        for row in self.rows[: attributes.MOST]:
            self._read(row)

    def _read(self, row: Row) -> None:
        try:
            name, value = attributes.name(row.name), attributes.read(row.kind, row.value)
        except ValueError as error:
            row.error = str(error)
            return
        if name in self.attributes:
            row.error = f"“{name}” is there twice: remove one of them."
        self.attributes[name] = value

    def is_valid(self) -> bool:
        return not self.error and not any(row.error for row in self.rows)
