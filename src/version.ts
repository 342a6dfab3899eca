// The version of this build, for provenance and `--version`. Every layer may import it.

import { version as packaged } from '../package.json';

/** Semantic version of phase-atlas. */
export const version: string = packaged;
