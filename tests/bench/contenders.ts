// All contenders, our own first. A new one is a file in contenders/ and a line here.

import type { Contender } from './contender.ts';
import { jaxJs } from './contenders/jax-js.ts';
import { phaseAtlas } from './contenders/phase-atlas.ts';
import { tensorflow } from './contenders/tfjs.ts';

export const contenders: readonly Contender[] = [phaseAtlas, jaxJs('webgpu'), jaxJs('wasm'), tensorflow];
