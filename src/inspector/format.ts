import { html, type TemplateResult } from 'lit'
import { keyOf } from '../algorithms/keys/keys.ts'
import type { JsonValue } from '../json-value.ts'

/** Numbers, times and texts in the locale of the browser. */

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 })
const large = new Intl.NumberFormat(undefined, { notation: 'scientific', maximumFractionDigits: 2 })
const share = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

/** Stands for an unknown value. */
const NOTHING = '–'

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : whole.format(value)
}

/** A reward or a value with three decimals, so that columns align. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NOTHING
  if (value === Number.POSITIVE_INFINITY) return '∞'
  if (value === Number.NEGATIVE_INFINITY) return '−∞'
  return Math.abs(value) >= 1e6 ? large.format(value) : fine.format(value)
}

/** @param value in [0, 1]. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : share.format(value)
}

export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING
  // The resolution of the clocks of browsers.
  return value < 0.1 ? '< 0.1 ms' : `${short.format(value)} ms`
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10))
  return `${(power === 0 ? whole : short).format(value / 1024 ** power)} ${UNITS[power]}`
}

/** `3 agents`, `1 agent`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A time in the reader's time zone. @param utc ISO 8601 in UTC. */
export function time(utc: string | null | undefined): TemplateResult | string {
  if (!utc) return NOTHING
  const date = new Date(utc)
  if (Number.isNaN(date.getTime())) return utc
  return html`<time datetime=${utc} title=${`${utc.slice(0, 19).replace('T', ' ')} UTC`}>${moment.format(date)}</time>`
}

/** The key of a state or an action. */
export function keyText(value: JsonValue): string {
  try {
    return keyOf(value)
  } catch {
    return JSON.stringify(value)
  }
}

/** Text written by agents or users, isolated from the text direction around it, with the full text as tooltip. */
export function text(value: string): TemplateResult {
  return html`<bdi class="cut" title=${value}>${value}</bdi>`
}

/** `learningHistory` as `learning history`. */
export function collectionTitle(collection: string): string {
  return collection.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
