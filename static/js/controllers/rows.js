// Rows of a form that can be removed; whoever counts by them hears "rows" on the body.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  button.closest("[data-row]").remove();
  document.body.dispatchEvent(new CustomEvent("rows"));
});
