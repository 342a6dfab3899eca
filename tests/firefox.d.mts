// Types of firefox.mjs.

export const FIREFOX: string;
export function findFirefox(): string | null;
export function wantFirefox(say: (line: string) => void): string | null;
