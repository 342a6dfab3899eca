// All presets, in the order of the gallery. A new one is a file beside this one and a line here.

import type { Preset } from '../core/preset.ts';
import { activations } from './activations.ts';
import { depthSlope } from './depth-slope.ts';
import { mnistAlphaWidth } from './mnist-alpha-width.ts';
import { stripeAlphaWidth } from './stripe-alpha-width.ts';
import { xorError } from './xor-error.ts';

export const presets: readonly Preset[] = [mnistAlphaWidth, stripeAlphaWidth, depthSlope, activations, xorError];
