// The least an HTTP server of Node.js can do with a body: read it and send it back.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { answerCalls } from './processes.mjs'

const server = createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
answerCalls({ address: () => ({ url: `http://127.0.0.1:${port}` }) }, () => server.closeAllConnections())
