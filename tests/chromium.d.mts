// Types of chromium.mjs.

export const OVERRIDE: string;
export const COMMON_FLAGS: readonly string[];
export const SOFTWARE_FLAGS: readonly string[];
export function findChromium(): Promise<string | null>;
export function requireChromium(say?: (line: string) => void): Promise<string>;
export function softwareDriver(chromium: string | null): string | null;
export function gpuEnvironment(chromium: string | null): Record<string, string>;
export function runs(path: string): boolean;
export function installPackage(name: string, say: (line: string) => void): void;
