/**
 * How much of what a limit has left a till is leased, counting what it has already. Each till and the shops with a network have an equal
 * claim; within it a till gets twice what it used lately, so that a busy day does not send it back to the server, and half of its claim
 * where nobody knows yet. Where there is any room, at least one.
 *
 * `room`: what the limit has left for everybody. `held`: what this till has of it already. `recent`: what it used of it lately over as long a
 * time as the pack lives; undefined: nobody knows. `tills`: how many may ask.
 *
 *     topUp({ room: 100, held: 0, recent: undefined, tills: 4 })   // 10: half of a fifth
 *     topUp({ room: 100, held: 6, recent: 5, tills: 4 })           // 4: ten in all
 */
export const topUp = ({
  room,
  held,
  recent,
  tills,
}: {
  readonly room: number
  readonly held: number
  readonly recent: number | undefined
  readonly tills: number
}): number => {
  if (room <= 0) return 0
  const claim = Math.floor((room + held) / (tills + 1))
  const wanted = recent === undefined ? Math.ceil(claim / 2) : 2 * recent
  return Math.min(room, Math.max(0, Math.max(1, Math.min(wanted, claim)) - held))
}

/** What a till should give back of a slice when others have nothing left: what it has beyond its claim, never its last. */
export const surplus = ({
  room,
  held,
  tills,
}: {
  readonly room: number
  readonly held: number
  readonly tills: number
}): number => (room > 0 ? 0 : Math.max(0, held - Math.max(1, Math.ceil(held / (tills + 1)))))
