import { countFor, giveForEvent, type Happening } from './ingest.ts'
import { ownEvent } from './own-event.ts'
import type { Holder, World } from './world.ts'

/**
 * Tells of something that came about here, now, about somebody: it stands in her history, counts where conditions count it, and unless
 * `gives` is false, offers that wait for it give.
 *
 *     tell(world, holder, { messageId: world.newId('tier'), name: 'Tier Changed', properties: { from: 'silver', to: 'gold' } })
 */
export const tell = (
  world: World,
  holder: Holder,
  told: { readonly messageId: string; readonly name: string; readonly properties: Readonly<Record<string, unknown>> },
  gives = true,
): void => {
  const { name, properties } = told
  const event = ownEvent(world, { ...told, holderId: holder.id })
  const happening: Happening = { ...event, properties, channel: undefined, order: undefined, hearsay: undefined }
  if (world.catalogue.counted.has(name)) countFor(world, holder, happening)
  const waiting = gives ? world.catalogue.byEvent.get(name) : undefined
  if (waiting) giveForEvent(world, happening, holder, waiting, { channel: undefined, location: undefined })
}
