// The glossary: what the words of the page mean, each in two sentences with its source. Formulas are TeX: see build.mjs.

export interface Term {
  /** kebab-case; explanations lead here by it. */
  readonly id: string;
  readonly name: string;
  /** Two sentences; `$…$` holds TeX. */
  readonly words: string;
  /** Where the word was coined or is explained best: "Chizat et al. 2019". */
  readonly source: string;
  readonly url: string;
}

const CHIZAT = { source: 'Chizat, Oyallon and Bach 2019', url: 'https://arxiv.org/abs/1812.07956' } as const;
const JACOT = { source: 'Jacot, Gabriel and Hongler 2018', url: 'https://arxiv.org/abs/1806.07572' } as const;
const GEIGER = { source: 'Geiger et al. 2020', url: 'https://arxiv.org/abs/1906.08034' } as const;
const DOMINE = { source: 'Dominé et al. 2025', url: 'https://arxiv.org/abs/2409.14623' } as const;
const XU_ZIYIN = { source: 'Xu and Ziyin 2024', url: 'https://arxiv.org/abs/2401.07085' } as const;
const LIU = { source: 'Liu et al. 2024', url: 'https://arxiv.org/abs/2310.08513' } as const;
const LUO = { source: 'Luo et al. 2021', url: 'https://arxiv.org/abs/2007.07497' } as const;
const LEWKOWYCZ = { source: 'Lewkowycz et al. 2020', url: 'https://arxiv.org/abs/2003.02218' } as const;
const WOODWORTH = { source: 'Woodworth et al. 2020', url: 'https://arxiv.org/abs/2002.09277' } as const;
const SAXE = { source: 'Saxe, McClelland and Ganguli 2014', url: 'https://arxiv.org/abs/1312.6120' } as const;
const YANG_HU = { source: 'Yang and Hu 2021', url: 'https://arxiv.org/abs/2011.14522' } as const;
const MEI = { source: 'Mei, Montanari and Nguyen 2018', url: 'https://arxiv.org/abs/1804.06561' } as const;

/** In the order of the alphabet by name. */
export const GLOSSARY: readonly Term[] = [
  {
    id: 'alignment',
    name: 'alignment',
    words:
      'Layers turn towards each other, so that what one writes the next reads, and the output grows. It is measured by the cosine $\\langle u,w\\rangle/(\\lVert u\\rVert\\lVert w\\rVert)$ between the weights of two layers.',
    ...XU_ZIYIN,
  },
  {
    id: 'balance',
    name: 'balance λ',
    words:
      'In a two-layer linear network gradient flow conserves $W_2^{\\mathsf T}W_2-W_1W_1^{\\mathsf T}$; where that is $\\lambda I$ the network is λ-balanced. A large $|\\lambda|$ means that one layer is far larger than the other.',
    ...DOMINE,
  },
  {
    id: 'boundary',
    name: 'boundary',
    words:
      'The line where the observable crosses its threshold, for instance where the tangent kernel has changed by its own size. It is a convention, not an edge: the crossover has a width.',
    ...GEIGER,
  },
  {
    id: 'catapult',
    name: 'catapult',
    words:
      'With a step between $2/\\lambda_0$ and $4/\\lambda_0$ the loss first grows and then falls. What throws it is a kernel that shrinks while the loss is large.',
    ...LEWKOWYCZ,
  },
  {
    id: 'cell',
    name: 'cell',
    words: 'One setting of all swept parameters: one field of the diagram. It holds as many networks as the sweep has seeds.',
    ...GEIGER,
  },
  {
    id: 'condensed',
    name: 'condensed regime',
    words:
      'Input weights of a ReLU network gather on a few directions while they grow by powers of the width. The network then acts as one of few hidden units.',
    ...LUO,
  },
  {
    id: 'crossover',
    name: 'crossover',
    words: 'The stretch between the lazy and the rich regime, in finite networks smooth. It is drawn light.',
    ...GEIGER,
  },
  {
    id: 'delayed-rich',
    name: 'delayed rich',
    words:
      'The network first fits as a lazy one and much later, on the time scale $|\\lambda|/s^2$, rebuilds its features. It happens where the large layer is the one with too few directions.',
    ...DOMINE,
  },
  {
    id: 'disalignment',
    name: 'disalignment',
    words: 'Layers turn away from each other, which shrinks an output that is too large. It is the counterpart of alignment.',
    ...XU_ZIYIN,
  },
  {
    id: 'diverged',
    name: 'diverged',
    words: 'The loss of a network stopped being finite. Such networks are counted and hatched, never averaged.',
    ...LEWKOWYCZ,
  },
  {
    id: 'ensemble',
    name: 'ensemble',
    words:
      'The mean $\\bar f=\\frac1n\\sum_s f_s$ of the predictors of all seeds of a cell. Its error lacks the part that comes from the luck of the start.',
    ...GEIGER,
  },
  {
    id: 'film',
    name: 'film',
    words: 'Everything that was measured at all checkpoints of training time. The strip under the diagram shows its frames.',
    ...GEIGER,
  },
  {
    id: 'gradient-flow',
    name: 'gradient flow',
    words:
      'Training with infinitely small steps, $\\dot w=-\\nabla\\mathcal L(w)$. Here it is integrated with steps that adapt to a tolerance.',
    ...CHIZAT,
  },
  {
    id: 'kernel-alignment',
    name: 'kernel alignment',
    words:
      'The cosine $\\langle\\Theta,\\Theta_0\\rangle/(\\lVert\\Theta\\rVert\\lVert\\Theta_0\\rVert)$ between a tangent kernel and that at the start. One means that it kept its direction: lazy.',
    ...LIU,
  },
  {
    id: 'kernel-change',
    name: 'kernel change',
    words:
      'The relative distance $\\lVert\\Theta-\\Theta_0\\rVert/\\lVert\\Theta_0\\rVert$ of the tangent kernel from its start. Above one the network has rebuilt it: rich.',
    ...GEIGER,
  },
  {
    id: 'lazy',
    name: 'lazy',
    words:
      'Training that moves the weights so little that the network stays in its linear approximation. It is kernel regression with the tangent kernel of the start.',
    ...CHIZAT,
  },
  {
    id: 'mean-field',
    name: 'mean field',
    words:
      'A parametrisation that divides the output by the width $h$ and not by $\\sqrt h$. Its networks learn features at any width.',
    ...MEI,
  },
  {
    id: 'mechanism',
    name: 'mechanism',
    words:
      'The way in which a kernel changes: alignment, disalignment or rescaling. Which one dominates is read off the angle between layers and their norms.',
    ...XU_ZIYIN,
  },
  {
    id: 'ntk-parametrisation',
    name: 'NTK parametrisation',
    words: 'Weights of order one, each layer divided by the root of its width. As the width grows its networks become lazy.',
    ...JACOT,
  },
  {
    id: 'obstructed',
    name: 'obstructed',
    words:
      'A network whose start keeps it from its task, because gradient flow conserves the sign of a determinant that has the wrong one. It is counted, not averaged.',
    ...DOMINE,
  },
  {
    id: 'order-parameter',
    name: 'order parameter',
    words:
      'An observable that tells the regimes apart, with a threshold between them. Blue and orange belong to these alone; errors and quantities are green.',
    ...GEIGER,
  },
  {
    id: 'out-of-budget',
    name: 'out of steps',
    words: 'A network that used up its steps before it reached its stop rule. Its values are shown as they stand, under dots.',
    ...GEIGER,
  },
  {
    id: 'output-scale',
    name: 'output scale α',
    words:
      'The factor in front of the network, trained as $\\alpha\\,(f(w,x)-f(w_0,x))$. The larger it is the less the weights need to move.',
    ...CHIZAT,
  },
  {
    id: 'participation-ratio',
    name: 'participation ratio',
    words:
      'How many singular values a matrix really uses, $(\\sum\\sigma_i^2)^2/\\sum\\sigma_i^4$. It is one for a single direction and the full dimension where all are equal.',
    ...LIU,
  },
  {
    id: 'rank',
    name: 'rank',
    words:
      'The number of independent directions of a matrix; here that of the connectivity with which a circuit begins. It is lowered by cutting the smallest singular values and rescaling the rest to the same norm.',
    ...LIU,
  },
  {
    id: 'representation',
    name: 'representation',
    words:
      'What a layer makes of its inputs, seen as the matrix of inner products between them. It tells which inputs are alike to the network.',
    ...DOMINE,
  },
  {
    id: 'rescaling',
    name: 'rescaling',
    words: 'Layers keep their directions and change their lengths. It is all that is left to layers that begin parallel.',
    ...XU_ZIYIN,
  },
  {
    id: 'rich',
    name: 'rich',
    words: 'Training that rebuilds the tangent kernel: the network finds features of the task. Also called feature learning.',
    ...WOODWORTH,
  },
  {
    id: 'saddle',
    name: 'saddle',
    words:
      'A place where the gradient vanishes though the loss could still fall, as where both layers are zero. Near it learning waits, and then goes fast.',
    ...SAXE,
  },
  {
    id: 'seed',
    name: 'seed',
    words: 'The number from which the random start of a network is drawn. The same seed gives the same network again.',
    ...GEIGER,
  },
  {
    id: 'stalled',
    name: 'stalled',
    words: 'A network whose adaptive step shrank below what single precision can resolve. Its values are shown under hatching.',
    ...GEIGER,
  },
  {
    id: 'tangent-kernel',
    name: 'tangent kernel',
    words:
      "The inner product of the gradients of two outputs, $\\Theta(x,x')=\\nabla_w f(x)\\cdot\\nabla_w f(x')$. It says how a step that improves one answer moves another.",
    ...JACOT,
  },
  {
    id: 'width',
    name: 'width h',
    words:
      'The number of units of a hidden layer. Limits of infinite width have a kernel or a density of units in place of single weights.',
    ...YANG_HU,
  },
];
