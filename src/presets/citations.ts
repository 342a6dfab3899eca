// The papers that presets reproduce, each stated once.

import type { Citation } from '../core/preset.ts';

export const GEIGER: Citation = {
  authors: 'Geiger, Spigler, Jacot and Wyart',
  title: 'Disentangling feature and lazy training in deep neural networks',
  year: 2020,
  url: 'https://arxiv.org/abs/1906.08034',
};

export const DOMINE: Citation = {
  authors: 'Dominé, Anguita, Proca, Braun, Kunin, Mediano and Saxe',
  title: 'From Lazy to Rich: Exact Learning Dynamics in Deep Linear Networks',
  year: 2025,
  url: 'https://arxiv.org/abs/2409.14623',
};

export const XU_ZIYIN: Citation = {
  authors: 'Xu and Ziyin',
  title: 'When Does Feature Learning Happen? Perspective from an Analytically Solvable Model',
  year: 2024,
  url: 'https://arxiv.org/abs/2401.07085',
};

export const LEWKOWYCZ: Citation = {
  authors: 'Lewkowycz, Bahri, Dyer, Sohl-Dickstein and Gur-Ari',
  title: 'The large learning rate phase of deep learning: the catapult mechanism',
  year: 2020,
  url: 'https://arxiv.org/abs/2003.02218',
};

export const WOODWORTH: Citation = {
  authors: 'Woodworth, Gunasekar, Lee, Moroshko, Savarese, Golan, Soudry and Srebro',
  title: 'Kernel and Rich Regimes in Overparametrized Models',
  year: 2020,
  url: 'https://arxiv.org/abs/2002.09277',
};

export const LUO: Citation = {
  authors: 'Luo, Xu, Ma and Zhang',
  title: 'Phase Diagram for Two-layer ReLU Neural Networks at Infinite-width Limit',
  year: 2021,
  url: 'https://arxiv.org/abs/2007.07497',
};

export const LIU: Citation = {
  authors: 'Liu, Baratin, Cornford, Mihalas, Shea-Brown and Lajoie',
  title: 'How connectivity structure shapes rich and lazy learning in neural circuits',
  year: 2024,
  url: 'https://arxiv.org/abs/2310.08513',
};
