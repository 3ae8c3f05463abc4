import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useColours } from '../../faces/colours.ts'
import { directionOf } from '../../faces/languages.ts'
import { useWords } from '../../faces/words.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer])

type Series = {
  readonly name: string
  /** One for each label; null: nothing is known. */
  readonly values: readonly (number | null)[]
}

export type ChartData = {
  /** Along the axis: days, channels… */
  readonly labels: readonly string[]
  readonly series: readonly Series[]
}

type Props = ChartData & {
  readonly kind: 'line' | 'bar' | 'stacked'
  readonly format: (value: number) => string
  readonly heightPx: number
  readonly text: string
}

/** Told apart by lightness too, and at least 3:1 against the surface they lie on (WCAG 2.2, 1.4.11). */
const palettes = {
  light: ['#0b6b5e', '#b45309', '#3b5bdb', '#9c36b5', '#5c6773', '#2f9e8f'],
  dark: ['#4fd1bd', '#f2a65a', '#91a7ff', '#da9bee', '#a7b1bd', '#1f8f80'],
}

/** Written from right to left, also on the canvas, which runs the other way: the marks are U+2067 and U+2069. */
const mirrored = (text: string): string => `\u2067${text}\u2069`

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const legendLinePx = 24

/** What the names of the series take above the figures, in lines, by how wide they are about. */
const legendPx = (series: Props['series'], widthPx: number): number => {
  if (series.length < 2) return 0
  const namesPx = series.reduce((sum, { name }) => sum + 45 + 7 * name.length, 0)
  return legendLinePx * Math.ceil(namesPx / Math.max(widthPx, 1))
}

const optionOf = (
  { kind, labels, series, format }: Pick<Props, 'kind' | 'labels' | 'series' | 'format'>,
  colours: 'light' | 'dark',
  isMirrored: boolean,
  widthPx: number,
): EChartsCoreOption => {
  const written = (text: string): string => (isMirrored ? mirrored(text) : text)
  const quiet = { color: token('--text-quiet'), fontFamily: token('--font') }
  const line = { lineStyle: { color: token('--line') } }
  const drawn = series.map(({ name, values }, place) => ({
    name: written(name),
    data: [...values],
    color: palettes[colours][place % palettes[colours].length],
    type: kind === 'line' ? 'line' : 'bar',
    ...(kind === 'stacked' ? { stack: 'all' } : {}),
    ...(kind === 'line' ? { symbol: labels.length > 40 ? 'none' : 'circle', symbolSize: 6 } : { barMaxWidth: 36 }),
  }))
  // The first stands where reading begins, beside the others and among the names; what is stacked grows from the first all the same.
  const inOrder = isMirrored ? drawn.toReversed() : drawn
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    grid: { top: 14 + legendPx(series, widthPx), right: 8, bottom: 4, left: 8, containLabel: true },
    legend:
      series.length > 1
        ? { top: 0, textStyle: quiet, icon: 'roundRect', data: inOrder.map(({ name }) => name) }
        : undefined,
    // Drawn on the canvas: as HTML it would carry style attributes, which the page's policy refuses.
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      valueFormatter: (value: unknown) => (typeof value === 'number' ? written(format(value)) : '–'),
      backgroundColor: token('--raised'),
      borderColor: token('--line'),
      textStyle: { color: token('--text'), fontFamily: token('--font') },
    },
    xAxis: {
      type: 'category',
      data: labels.map(written),
      inverse: isMirrored,
      axisLabel: { ...quiet, hideOverlap: true },
      axisLine: line,
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value',
      position: isMirrored ? 'right' : 'left',
      minInterval: 1,
      axisLabel: { ...quiet, formatter: (value: number) => written(format(value)) },
      splitLine: line,
      splitNumber: 4,
    },
    series: kind === 'bar' ? inOrder : drawn,
  }
}

/** ECharts in a box, drawn anew when its figures, its colours or its direction change. */
const Drawing = ({ heightPx, text, ...given }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const { shown } = useColours()
  const { language } = useWords()
  const isMirrored = directionOf(language) === 'rtl'
  const { kind, labels, series, format } = given
  useEffect(() => {
    if (!box.current) return
    const chart = init(box.current)
    const draw = () => chart.setOption(optionOf({ kind, labels, series, format }, shown, isMirrored, chart.getWidth()))
    draw()
    const observer = new ResizeObserver(() => {
      chart.resize()
      draw()
    })
    observer.observe(box.current)
    return () => {
      observer.disconnect()
      chart.dispose()
    }
  }, [kind, labels, series, format, shown, isMirrored])
  return <div ref={box} role="img" aria-label={text} dir="ltr" style={{ height: heightPx }} />
}

export default Drawing
