// A few lines that put a figure into somebody's own page, as text to be copied. Always with an exact version.

/** What the figure shows: a preset by name, or a link's fragment. */
export type Embed = { readonly preset: string } | { readonly link: string };

export interface Snippet {
  readonly id: string;
  /** "Markdown". */
  readonly label: string;
  readonly text: string;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (mark) => escapes[mark]);

/** Texts inside a template literal or an MDX document: nothing in them is an expression. */
const literal = (text: string): string => text.replace(/[\\`$]/g, (mark) => `\\${mark}`);
const mdx = (text: string): string => escaped(text).replace(/[{}]/g, (mark) => (mark === '{' ? '&#123;' : '&#125;'));

/** Snippets for HTML, Markdown, Quarto, Observable and MDX. `title` stands in until the figure runs, and where it cannot. */
export function snippetsOf(embed: Embed, title: string, version: string): readonly Snippet[] {
  const attribute = 'preset' in embed ? `preset="${escaped(embed.preset)}"` : `link="${escaped(embed.link)}"`;
  const address = `https://cdn.jsdelivr.net/npm/phase-atlas@${version}/dist/phase-atlas.js`;
  const script = `<script type="module" src="${address}"></script>`;
  const element = `<phase-diagram ${attribute}><p>${escaped(title)}</p></phase-diagram>`;
  return [
    { id: 'html', label: 'HTML', text: `${script}\n${element}\n` },
    { id: 'markdown', label: 'Markdown', text: `\n${script}\n\n${element}\n\n` },
    { id: 'quarto', label: 'Quarto', text: `\`\`\`{=html}\n${script}\n${element}\n\`\`\`\n` },
    {
      id: 'observable',
      label: 'Observable',
      text: `\`\`\`js\nimport "npm:phase-atlas@${version}/dist/phase-atlas.js";\ndisplay(html\`${literal(element)}\`);\n\`\`\`\n`,
    },
    {
      id: 'mdx',
      label: 'MDX',
      text: `{/* npm install phase-atlas@${version} */}\nimport 'phase-atlas/elements';\n\n<phase-diagram ${attribute}><p>${mdx(title)}</p></phase-diagram>\n`,
    },
  ];
}
