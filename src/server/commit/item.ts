import type { Refusal } from '../../core/kernel/refusal.ts'
import type { Asset } from '../../core/ledger/account.ts'
import type { Hand } from '../../core/loop/by-hand.ts'
import type { World } from '../../core/loop/world.ts'
import type { Programme } from '../../core/loyalty/schema.ts'
import type { Tender } from '../../core/loyalty/tender.ts'

/** Where and when something is decided. `at` is now where it is left out. */
export type Place = {
  readonly at?: number
  readonly channel: string
  readonly location: string | null
}

/** What an item will look at. Everything it asks of the world must be named here, or the world does not hold it. */
export type Needs = {
  readonly orders?: readonly string[]
  readonly identifiers?: readonly { readonly type: string; readonly value: string }[]
  readonly holders?: readonly string[]
  /** Whom plain events belong to: only looked up. Who changes, links or buys is named under `identifiers`. */
  readonly subjects?: readonly { readonly type: string; readonly value: string }[]
  /** What happened to whom: where conditions count events of the name, the subject is loaded whole, because its statistics change. */
  readonly happenings?: readonly { readonly name: string; readonly type: string; readonly value: string }[]
  /**
   * Pairs of identifiers (`type:value`, or the id of a holder that is named) that it may link: a later item of the batch then decides for
   * both as one person. Where it says what is said and when, nothing is loaded for what is known already.
   */
  readonly links?: readonly (readonly [
    a: string,
    b: string,
    said?: { readonly verified: boolean; readonly at: number },
  ])[]
  /** Holders whose whole component of links it may take apart or resolve again: loaded whatever is known of it. */
  readonly components?: readonly string[]
  readonly codes?: readonly string[]
  /**
   * Value that it may spend, take back or give back: of whomever it names (and of her household), or of a card. So many lots are loaded as
   * `amount` needs in the order in which they are spent; accounts, and lots whose time has come, always are.
   */
  readonly value?: readonly {
    readonly asset: Asset
    readonly amount: number
    readonly ownerId?: string
    /** Only of this person, as `type:value` or the id of a holder that is named; left out, whoever of the batch it is. */
    readonly of?: string
  }[]
  /** An order that points, gift cards or stored money may pay: of whomever it names, up to so much. */
  readonly pays?: { readonly tenders: readonly Tender[]; readonly upTo: number; readonly currency: string }
  /** Codes of gift cards. */
  readonly giftCards?: readonly string[]
  /** Ids of others. */
  readonly giftCardIds?: readonly string[]
  /** Adjustments by hand that it decides on or takes back; what takes them back is there too. */
  readonly adjustments?: readonly string[]
  /** Gives value by hand: what was given so far today is there. */
  readonly hands?: readonly Hand[]
  /** Transactions of the ledger that it takes back. */
  readonly transactions?: readonly string[]
  /** Assets of which it may make pending lots active, or end them: all that whomever it names has pending is loaded. */
  readonly pending?: readonly Asset[]
  /** Gives points away: of whomever it names, what she gave in the last days. */
  readonly gives?: true
  /** Asks what whomever it names may spend: whoever shares a pool with her is there, too. */
  readonly pools?: true
  /** Other terms of programmes that it asks for tiers by, as if they counted. */
  readonly terms?: readonly Pick<Programme, 'id' | 'terms'>[]
  /** Households that it asks for: they and whoever is in them are there whole. */
  readonly households?: readonly string[]
  /** Lets somebody leave a programme: what open orders hold of hers may end with it. */
  readonly leaves?: true
  /** Lets somebody join programmes, or leave them. */
  readonly joins?: true
  /** Packs, with all that is leased to them; and the open one of a device. */
  readonly packs?: readonly string[]
  readonly devices?: readonly string[]
  /** Entries of journals, with those beside them. */
  readonly entries?: readonly { readonly packId: string; readonly id: string; readonly sequence: number }[]
  /** Counters that it changes without a use: of slices that go back. */
  readonly counters?: readonly { readonly offerId: string; readonly bucket: string }[]
  /** The packs may end: the counters of all that is leased to them. */
  readonly endsPacks?: true
  /** Gives a pack: what a till at a place may come to apply until then, and the codes to lease. */
  readonly issues?: Place & { readonly at: number; readonly until: number; readonly location: string }
  readonly skus?: readonly string[]
  readonly messages?: readonly string[]
  readonly returns?: readonly { readonly orderId: string; readonly id: string }[]
  /** Decides an order: offers that need no claim are considered too, and found by what it is about. */
  readonly place?: Place & {
    readonly currency: string
    readonly categories: readonly string[]
    /** Offers that a till has applied without a network, whatever applies now. */
    readonly told?: readonly string[]
  }
  /** Decides a moment without a basket. */
  readonly request?: Place & { readonly claims?: readonly string[] }
  /** Decisions of which a claim is given back: what they gave, and what it cost. */
  readonly claimed?: readonly string[]
  /**
   * Events that offers may wait for: where one does, the event's subject is loaded as whoever buys is, and the uses that the event
   * gave, which stand under `eventUse(messageId)`.
   */
  readonly events?: readonly (Place & {
    readonly messageId: string
    readonly name: string
    readonly type: string
    readonly value: string
  })[]
}

export type Outcome = { readonly text: string; readonly status: number } | { readonly refusal: Refusal }

/** One hot write waiting for the next group commit. */
export type Item = {
  readonly workspaceId: string
  readonly needs: Needs
  /** Rows it will write, about: a batch is cut by the sum. */
  readonly weight: number
  /** Asked by a browser's key: such items get a share of the queue, so that no flood from outside keeps the shop waiting. */
  readonly fromBrowser: boolean
  /** Memory it holds while it waits. */
  readonly bytes: number
  /** Success is stored under this key and answered again for the same body. */
  readonly idempotency?: { readonly keyHash: string; readonly bodyHash: string }
  /**
   * Only looks, as a dry run does: `decide` changes nothing, and nothing of its batch is saved, not even what the clock has done to whomever
   * it names. It waits in line as the others do, in batches of its kind.
   */
  readonly looks?: boolean
  /** Pure: answers and changes the world, or refuses and changes nothing. Runs again when the batch is redone. */
  readonly decide: (world: World) => Outcome
}
