import { html, nothing, type TemplateResult } from 'lit'
import type { StoreStatus } from '../../protocol/status.ts'
import { bytes, collectionTitle, count, milliseconds, plural, time } from '../format.ts'
import { empty } from '../view.ts'

/** The size of a store and of its collections. */
export function sizePanel(status: StoreStatus): TemplateResult {
  const { databaseBytes, logBytes, snapshotBytes, pendingBytes, usageBytes, quotaBytes, collections } = status
  const rows = Object.entries(collections).sort(([, a], [, b]) => b.bytes - a.bytes)
  return html`<section class="panel" aria-labelledby="sizes">
    <h2 id="sizes">Size</h2>
    <dl class="facts">
      <dt>database</dt>
      <dd>${bytes(databaseBytes)}</dd>
      <dt>last snapshot</dt>
      <dd>${bytes(snapshotBytes)}</dd>
      <dt>log since snapshot</dt>
      <dd>${bytes(logBytes)}</dd>
      <dt>pending</dt>
      <dd>${bytes(pendingBytes)}</dd>
      ${
        quotaBytes === undefined
          ? nothing
          : html`<dt>origin quota</dt><dd>${bytes(usageBytes)} of ${bytes(quotaBytes)} used</dd>`
      }
    </dl>
    ${
      rows.length === 0
        ? empty('The store is empty.')
        : html`<table>
            <thead>
              <tr><th scope="col">collection</th><th scope="col">rows</th><th scope="col">approximate size</th></tr>
            </thead>
            <tbody>
              ${rows.map(
                ([collection, size]) =>
                  html`<tr><th scope="row">${collectionTitle(collection)}</th><td>${count(size.rows)}</td><td>${bytes(size.bytes)}</td></tr>`,
              )}
            </tbody>
          </table>`
    }
  </section>`
}

/** The latency of operations and the hit rate of the pattern cache. */
export function latencyPanel({ latencies: { reads, writes, slow }, cache }: StoreStatus): TemplateResult {
  return html`<section class="panel" aria-labelledby="latency">
    <h2 id="latency">Latency</h2>
    <div class="columns">
      <table>
        <thead>
          <tr><th scope="col">operations</th><th scope="col">count</th><th scope="col">median</th><th scope="col">99th percentile</th></tr>
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
        ${slow.latest.slice(0, 3).map(({ operation, durationMs, at }) => html`<dt>${operation}</dt><dd>${milliseconds(durationMs)} at ${time(at)}</dd>`)}
        <dt>pattern cache</dt>
        <dd>${plural(cache.hits, 'hit')}, ${count(cache.misses)} ${cache.misses === 1 ? 'miss' : 'misses'}</dd>
      </dl>
    </div>
  </section>`
}
