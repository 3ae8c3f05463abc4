import { Select } from '@mantine/core'

type Props<T extends string> = {
  /** What it filters by. */
  readonly label: string
  /** While nothing is chosen: "any state". */
  readonly any: string
  readonly options: readonly { readonly value: T; readonly label: string }[]
  readonly value: T | undefined
  readonly onChoose: (value: T | undefined) => void
  /** In pixels. */
  readonly width: number
  readonly isSearchable?: boolean
}

/** One filter above a table: nothing chosen lets everything through. */
export const FilterSelect = <T extends string>({
  label,
  any,
  options,
  value,
  onChoose,
  width,
  isSearchable,
}: Props<T>) => (
  <Select
    size="sm"
    w={width}
    aria-label={label}
    placeholder={any}
    clearable
    searchable={isSearchable ?? false}
    clearButtonProps={{ 'aria-label': any }}
    data={options}
    value={value ?? null}
    onChange={chosen => onChoose(options.find(it => it.value === chosen)?.value)}
  />
)
