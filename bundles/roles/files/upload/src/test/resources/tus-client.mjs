// Uploads with tus-js-client, as pages and programs of Node do: node tus-client.mjs ENDPOINT TOKEN. Fails if anything is not as it must be.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'

const tus = createRequire(import.meta.url)('tus-js-client')
const [endpoint, token] = process.argv.slice(2)
const content = Buffer.alloc(1_000_003)
for (let i = 0; i < content.length; i++) content[i] = (i * 2654435761) >>> 24

function upload(file, key, more) {
  return new Promise((resolve, reject) => {
    const it = new tus.Upload(file, {
      endpoint,
      headers: { Authorization: 'Bearer ' + token },
      metadata: { key, filetype: 'image/png', filename: 'Grüße.png' },
      retryDelays: [0, 100, 500],
      onError: reject,
      onSuccess: () => resolve(it),
      ...more(() => it, resolve)
    })
    it.start()
  })
}

async function ask(url, method = 'HEAD') {
  return fetch(url, { method, headers: { Authorization: 'Bearer ' + token, 'Tus-Resumable': '1.0.0' } })
}

async function isThere(url, digest = createHash('sha256').update(content).digest('base64')) {
  const answer = await ask(url)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-address'), /^v1\./)
  assert.equal(answer.headers.get('repr-digest'), `sha-256=:${digest}:`)
}

// At once, and in pieces.
await isThere((await upload(content, 'pictures/whole', () => ({}))).url)
await isThere((await upload(content, 'pictures/pieces', () => ({ chunkSize: 100_000 }))).url)
// The bytes come with the beginning.
await isThere((await upload(content, 'pictures/with', () => ({ uploadDataDuringCreation: true }))).url)
// Nobody knows how long it is.
await isThere(
  (await upload(Readable.from([content.subarray(0, 500_000), content.subarray(500_000)]), 'pictures/stream', () => ({
    uploadLengthDeferred: true,
    chunkSize: 300_000
  }))).url)
// In parts at the same time.
await isThere((await upload(content, 'pictures/parts', () => ({ parallelUploads: 3, chunkSize: 150_000 }))).url)
// Broken off, and gone on with from its address.
const broken = await upload(content, 'pictures/broken', (it, resolve) => ({
  chunkSize: 100_000,
  onChunkComplete: (_, sent) => { if (sent >= 300_000) it().abort().then(() => resolve(it())) }
}))
const at = Number((await ask(broken.url)).headers.get('upload-offset'))
assert.ok(at >= 300_000 && at < content.length, 'at ' + at)
await isThere((await upload(content, 'pictures/broken', () => ({ uploadUrl: broken.url }))).url)
// Ended: nothing is left.
const ended = await upload(content, 'pictures/ended', (it, resolve) => ({
  chunkSize: 100_000,
  onChunkComplete: () => it().abort(true).then(() => resolve(it()))
}))
assert.equal((await ask(ended.url)).status, 404)
// With a POST that means PATCH, for those whose way lets nothing else through.
await isThere((await upload(content, 'pictures/post', () => ({ overridePatchMethod: true, chunkSize: 400_000 }))).url)
// Empty.
await isThere(
  (await upload(Buffer.alloc(0), 'pictures/empty', () => ({}))).url, createHash('sha256').digest('base64'))
// What the token is not for is an error of the client.
await assert.rejects(upload(content, 'other', () => ({})), (e) => e.originalResponse.getStatus() === 403)
console.log('all is well')
