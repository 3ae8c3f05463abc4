import { z } from 'zod'
import { defineEndpoint } from './endpoint.ts'
import { batch, eventEndpoints } from './events.ts'

/**
 * The addresses that `@segment/analytics-next` calls from a page (its 1.84: src/plugins/segmentio, src/browser/index.ts): those of the
 * tracking API by their first letter, and the settings it loads first. Its contract and not ours, so they are served and not shown.
 */
const [, track, identify, page, screen, group, alias] = eventEndpoints

const short = <const N extends string, E extends (typeof eventEndpoints)[number]>(name: N, endpoint: E) =>
  ({ ...endpoint, name, path: `/v1/${name}`, hidden: true }) as const

const writeKey = z
  .string()
  .regex(
    /^ts_p_[\w-]{32}$/,
    'must be a publishable key: whoever opens the page can read it, so a secret key is open to all',
  )

export const getBrowserSettings = defineEndpoint({
  name: 'getBrowserSettings',
  method: 'GET',
  path: '/v1/projects/{writeKey}/settings',
  summary: 'What Segment’s browser library loads before its first event',
  description:
    'The same for every key: it says only that events go to this server, and that nothing else is to be loaded.',
  tag: 'Events',
  scopes: 'public',
  forBrowsers: true,
  hidden: true,
  params: z.strictObject({ writeKey }),
  answer: { 200: z.looseObject({}) },
  refusals: [],
  example: {
    params: { writeKey: 'ts_p_3yU0pZrCk1qv8mXbN5tWd2LhGf7sJaEo' },
    answer: { integrations: { 'Segment.io': { apiHost: 'tessera.example/v1', protocol: 'https' } } },
  },
})

export const browserLibraryEndpoints = [
  short('b', batch),
  short('t', track),
  short('i', identify),
  short('p', page),
  short('s', screen),
  short('g', group),
  short('a', alias),
  getBrowserSettings,
] as const
