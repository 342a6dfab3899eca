// The few declarations of TensorFlow.js that the benchmark uses. Its own declarations bring an old copy of WebGPU's types, which
// collides with the project's; tsconfig.json maps the packages here. May go when tfjs-core ships without that copy.

export interface Tensor {
  data(): Promise<Float32Array>;
  dispose(): void;
}
type Operand = Tensor | number;

export const version_core: string;
export function setBackend(name: string): Promise<boolean>;
export function ready(): Promise<void>;
export function tidy<T>(work: () => T): T;
export function dispose(tensors: Tensor[]): void;
export function tensor2d(values: Float32Array, shape: [number, number]): Tensor;
export function tensor3d(values: Float32Array, shape: [number, number, number]): Tensor;
export function reshape(x: Tensor, shape: number[]): Tensor;
export function slice(x: Tensor, begin: number[], size: number[]): Tensor;
export function matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
export function add(a: Operand, b: Operand): Tensor;
export function sub(a: Operand, b: Operand): Tensor;
export function mul(a: Operand, b: Operand): Tensor;
export function square(x: Tensor): Tensor;
export function relu(x: Tensor): Tensor;
export function step(x: Tensor): Tensor;
export function tanh(x: Tensor): Tensor;
export function softplus(x: Tensor): Tensor;
export function sigmoid(x: Tensor): Tensor;
