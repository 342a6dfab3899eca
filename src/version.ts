// The version of this build, for provenance and `--version`. Every layer may import it.

export { version } from '../package.json';
