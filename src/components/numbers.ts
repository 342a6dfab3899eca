// Numbers as people read them: three significant digits, true minus signs, powers of ten where zeros would pile up.

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number in two parts: `mantissa` is written before `10` and a superscript; without `exponent` it stands alone. */
export interface NumberParts {
  readonly mantissa: string;
  readonly exponent?: string;
}

function minus(text: string): string {
  return text.replace('-', '−');
}

/** Decimal text without trailing zeros. */
function trimmed(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  return minus(text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : String(Number(text)));
}

/** Parts of a number with `digits` significant digits; powers of ten below 0.001 and from 100 000 on. */
export function numberParts(value: number, digits = 3): NumberParts {
  if (Number.isNaN(value)) return { mantissa: '–' };
  if (!Number.isFinite(value)) return { mantissa: value > 0 ? '∞' : '−∞' };
  const size = Math.abs(value);
  if (value === 0 || (size >= 0.001 && size < 1e5))
    return { mantissa: trimmed(value, Number.isInteger(value) ? Math.max(digits, 5) : digits) };
  const [mantissa, exponent] = value.toExponential(Math.max(0, digits - 1)).split('e');
  const short = mantissa.replace(/\.?0+$/, '');
  const power = minus(String(Number(exponent)));
  if (short === '1') return { mantissa: '', exponent: power };
  if (short === '-1') return { mantissa: '−', exponent: power };
  return { mantissa: minus(short), exponent: power };
}

/** Superscript form of digits and minus. */
function superscript(text: string): string {
  return text.replace('−', '⁻').replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]);
}

/** One line of plain text: `2.5×10⁻⁴`. */
export function formatNumber(value: number, digits = 3): string {
  const { mantissa, exponent } = numberParts(value, digits);
  if (exponent === undefined) return mantissa;
  const joiner = mantissa === '' || mantissa === '−' ? '' : '×';
  return `${mantissa}${joiner}10${superscript(exponent)}`;
}

/** The same in words that a screen reader says well: `2.5 times 10 to the minus 4`. */
export function spokenNumber(value: number, digits = 2): string {
  const { mantissa, exponent } = numberParts(value, digits);
  if (exponent === undefined) return mantissa.replace('−', 'minus ').replace('–', 'no value').replace('∞', 'infinity');
  const times = mantissa === '' ? '' : `${mantissa.replace('−', 'minus ')} times `;
  return `${times}10 to the ${exponent.replace('−', 'minus ')}`;
}

/** Seconds as `8 s`, `2 min 5 s`, `1 h` or `1 h 3 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const [unit, name, smaller] = whole < 3600 ? ([60, 'min', 's'] as const) : ([3600, 'h', 'min'] as const);
  const rest = Math.floor((60 * (whole % unit)) / unit);
  return `${Math.floor(whole / unit)} ${name}${rest === 0 ? '' : ` ${rest} ${smaller}`}`;
}
