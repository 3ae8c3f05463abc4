/**
 * Calls of the API one at a time: what a bench needs before and beside the load.
 *
 *     const { post, get } = makeCaller(url, adminKey)
 *     const { id } = await post('/v1/campaigns', { name: 'Bench' })
 *
 * @param {string} url
 * @param {string} key
 */
export const makeCaller = (url, key) => {
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  const call = async (method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text)
  }
  return {
    /** @param {string} path */
    get: path => call('GET', path),
    /** @param {string} path @param {unknown} body */
    post: (path, body) => call('POST', path, body),
    /** @param {string} path @param {unknown} body */
    put: (path, body) => call('PUT', path, body),
  }
}
