import { formatNumber } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { Money } from '../parts/values.tsx'

type Unit = { readonly one: string; readonly many: string; readonly decimals: number }

/** Points of a programme, in its own words. */
export const Points = ({ value, unit }: { readonly value: number; readonly unit: Unit }) => {
  const { language } = useWords()
  const whole = value / 10 ** unit.decimals
  return (
    <bdi style={{ whiteSpace: 'nowrap' }}>
      {formatNumber(whole, language, { maximumFractionDigits: unit.decimals })} {whole === 1 ? unit.one : unit.many}
    </bdi>
  )
}

/** An amount of what the ledger calls `points:club` or `credit:EUR`. */
export const AssetAmount = ({ asset, amount }: { readonly asset: string; readonly amount: number }) => {
  const [kind = '', of = ''] = asset.split(':')
  const isPoints = kind === 'points' || kind === 'qualifying'
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000, enabled: isPoints })
  if (!isPoints) return <Money minor={amount} currency={of} />
  const unit = programmes.data?.data.find(({ id }) => id === of)?.unit ?? { one: of, many: of, decimals: 0 }
  return <Points value={amount} unit={unit} />
}
