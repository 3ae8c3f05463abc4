import type { getBrowserSettings } from '../../contract/browser-library.ts'
import type { Handler } from '../http/call.ts'
import type { eventsHandlers } from './events.ts'

/** What Segment's browser library asks for: settings that send its events here, and the tracking API by its short addresses. */
export const browserLibraryHandlers = (events: ReturnType<typeof eventsHandlers>) => {
  const settings: Handler<typeof getBrowserSettings> = ({ params: { writeKey }, origin }) => {
    const [protocol, host] = origin().split('://') as [string, string]
    return {
      json: {
        integrations: { 'Segment.io': { apiKey: writeKey, apiHost: `${host}/v1`, protocol } },
        // Without a plan, middleware, destinations and statistics of its own the library loads and calls nothing else.
        metrics: { sampleRate: 0 },
        plan: {},
        middlewareSettings: {},
        remotePlugins: [],
        enabledMiddleware: {},
      },
    }
  }
  const { batch, track, identify, page, screen, group, alias } = events
  return { b: batch, t: track, i: identify, p: page, s: screen, g: group, a: alias, getBrowserSettings: settings }
}
