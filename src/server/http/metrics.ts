import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** A registry with what the process itself tells (memory, event loop, garbage collection). One a process. */
export const createRegistry = (): Registry => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** Seconds; the steps around 1 ms matter because a lone request takes about that. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export type ObserveRequest = (method: string, route: string, status: number, seconds: number) => void

export const createRequestMetric = (registry: Registry): ObserveRequest => {
  const histogram = new Histogram({
    name: 'tessera_http_request_duration_seconds',
    help: 'Time from the request line to the last byte of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets,
    registers: [registry],
  })
  return (method, route, status, seconds) => histogram.observe({ method, route, status }, seconds)
}
