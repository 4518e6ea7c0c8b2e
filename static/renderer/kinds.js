// Kinds of blocks, each a module of static/blocks/. The server names them in every page that draws or edits a message.

/**
 * What each kind's module says, once `loaded` is done:
 * label, order   its name in the editor, and its place among the buttons that add a block
 * make           the fields of a new block; `action(text, behaviour)` makes an action
 * summary        optional: what the structure shows beside its label
 * inspect        its settings in the editor, of the fields in js/editor/block.js
 * draw           its element as people see it, or null; `tap(action)` is told of a tap
 * inRow          optional: whether it shares a row with those next to it
 * answers        optional: what can be answered to it, `[[key, words]]`, as `Block.answers` in Python
 * answerOf       optional: the key (or keys) that a tap on this action answers
 * stays          optional: whether taps on its options leave the step as it is
 * names          optional: whether its words name the question below it
 */
export const KINDS = {};

const moduleOf = async (kind) => [kind, (await import(`../blocks/${kind}.js`)).default];

const named = JSON.parse(document.getElementById("block-kinds").textContent);

export const loaded = Promise.all(named.map(moduleOf)).then((found) => Object.assign(KINDS, Object.fromEntries(found)));
loaded.catch(() => {}); // told by whoever awaits it

/** The element of a block, or nothing for a kind that this page does not know yet. */
export function drawBlock(block, doors) {
  const element = KINDS[block.kind]?.draw(block, doors) ?? null;
  element?.setAttribute("data-block", block.id);
  return element;
}
