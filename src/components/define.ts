// Registers elements, each tag once per page. Importing it registers nothing.

/** Defines every tag that is still free; a second copy on the page warns and yields to the first. */
export function defineAll(
  elements: Readonly<Record<string, CustomElementConstructor>>,
  registry: CustomElementRegistry = customElements,
): void {
  for (const [tag, element] of Object.entries(elements)) {
    const known = registry.get(tag);
    if (known === undefined) registry.define(tag, element);
    else if (known !== element) console.warn(`phase-atlas: <${tag}> is already defined on this page; this copy leaves it alone.`);
  }
}
