// The small pictures of all presets, in a file of their own that is fetched once, after everything that matters more.

/** By id of the preset. Read by components/thumbnail.ts. */
export async function loadThumbnails(): Promise<
  Readonly<Record<string, { readonly map: string; readonly classes?: number; readonly cells: string }>>
> {
  return (await import('./thumbnails.json')).default;
}
