import { relative } from 'node:path'
import { CommandFailed, defineCommand } from '../command.ts'
import { localConfig } from '../settings.ts'

export const serve = defineCommand({
  name: 'serve',
  summary: 'Start the server',
  usage: [''],
  words: 0,
  options: {},
  examples: ['tessera serve', 'PORT=9000 TESSERA_DATA=./shop DATABASE_URL=postgres://… tessera serve'],
  run: async ({ terminal: { out, err, stop } }) => {
    const config = localConfig()
    // Loaded here, because the store and all that hangs on it take a moment that no other command should wait for.
    const { startServer } = await import('../../server/compose.ts')
    const server = await startServer(config).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error
      throw new CommandFailed(
        `Port ${config.port} is taken by another program. Choose another: PORT=${config.port + 1} npm start`,
      )
    })
    const file = server.adminKeyFile && relative(process.cwd(), server.adminKeyFile)
    const key = file === undefined ? '$TESSERA_ADMIN_KEY' : `$(cat ${file})`
    out.write(
      [
        `Tessera is at ${server.url}, its docs at ${server.url}/docs`,
        `Store: ${server.store === 'pglite' ? `embedded, in ${config.folder}` : 'PostgreSQL'}`,
        `Admin key: ${file === undefined ? 'as TESSERA_ADMIN_KEY says' : `in ${file}`}`,
        ...(server.signInLink === undefined
          ? []
          : ['Sign in (this link works once, for 24 hours):', `  ${server.signInLink}`]),
        'Try it:',
        `  curl -s -H "Authorization: Bearer ${key}" ${server.url}/v1/workspaces`,
        '',
      ].join('\n'),
    )
    if (!stop.aborted) await new Promise(done => stop.addEventListener('abort', done, { once: true }))
    err.write('Stopping; what is under way is finished first. Once more to stop at once.\n')
    await server.close()
    return 0
  },
})
