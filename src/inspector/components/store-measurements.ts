import { html, nothing, type TemplateResult } from 'lit'
import type { StoreStatus } from '../../protocol/status.ts'
import { bytes, count, milliseconds, plural, timeAt, wordsOf } from '../format.ts'
import { empty } from '../view.ts'

/** How large a store is. */
export function sizes(status: StoreStatus): TemplateResult {
  const { databaseBytes, logBytes, snapshotBytes, pendingBytes, usageBytes, quotaBytes, collections } = status
  const rows = Object.entries(collections).sort(([, a], [, b]) => b.bytes - a.bytes)
  return html`<section class="panel" aria-labelledby="sizes">
    <h2 id="sizes">How large it is</h2>
    <dl class="facts">
      <dt>database</dt>
      <dd>${bytes(databaseBytes)}</dd>
      <dt>last snapshot</dt>
      <dd>${bytes(snapshotBytes)}</dd>
      <dt>log since then</dt>
      <dd>${bytes(logBytes)}</dd>
      <dt>waiting to be kept</dt>
      <dd>${bytes(pendingBytes)}</dd>
      ${
        quotaBytes === undefined
          ? nothing
          : html`<dt>this origin</dt><dd>uses ${bytes(usageBytes)} of ${bytes(quotaBytes)} that it may</dd>`
      }
    </dl>
    ${
      rows.length === 0
        ? empty('The store is empty.')
        : html`<table>
            <thead>
              <tr><th scope="col">collection</th><th scope="col">rows</th><th scope="col">size, about</th></tr>
            </thead>
            <tbody>
              ${rows.map(
                ([collection, size]) =>
                  html`<tr><th scope="row">${wordsOf(collection)}</th><td>${count(size.rows)}</td><td>${bytes(size.bytes)}</td></tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`
}

/** How long its operations took. */
export function latencies({ latencies: { reads, writes, slow }, cache }: StoreStatus): TemplateResult {
  return html`<section class="panel" aria-labelledby="fast">
    <h2 id="fast">How fast it is</h2>
    <div class="columns">
      <table>
        <thead>
          <tr><th scope="col">operations in its own thread</th><th scope="col">so far</th><th scope="col">half within</th><th scope="col">99% within</th></tr>
        </thead>
        <tbody>
          ${(
            [
              ['reads', reads],
              ['writes', writes],
            ] as const
          ).map(
            ([name, { count: operations, p50Ms, p99Ms }]) =>
              html`<tr><th scope="row">${name}</th><td>${count(operations)}</td><td>${milliseconds(p50Ms)}</td><td>${milliseconds(p99Ms)}</td></tr>`,
          )}
        </tbody>
      </table>
      <dl class="facts">
        <dt>slower than 50 ms</dt>
        <dd>${count(slow.count)}</dd>
        ${slow.latest.slice(0, 3).map(({ operation, ms, at }) => html`<dt>${operation}</dt><dd>${milliseconds(ms)} at ${timeAt(at)}</dd>`)}
        <dt>cache of patterns</dt>
        <dd>${plural(cache.hits, 'hit')}, ${count(cache.misses)} missed</dd>
      </dl>
    </div>
  </section>`
}
