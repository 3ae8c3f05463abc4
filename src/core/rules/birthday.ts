import { dayNumber } from '../kernel/time.ts'

/** 29 February is kept on the 28th in other years. */
const birthdayIn = (year: number, monthAndDay: string): number | undefined => {
  const text = String(year).padStart(4, '0')
  return dayNumber(`${text}-${monthAndDay}`) ?? (monthAndDay === '02-29' ? dayNumber(`${text}-02-28`) : undefined)
}

/**
 * Whether `today` (YYYY-MM-DD) is at most `daysBefore` days before a birthday or `daysAfter` days after one. The birthday
 * is MM-DD or YYYY-MM-DD, of which the year does not matter; undefined if it is no date. Days are 0 or more.
 *
 *     isBirthdayWithin('1990-01-02', '2025-12-30', 3, 0)   // true: in three days
 */
export const isBirthdayWithin = (
  birthday: string,
  today: string,
  daysBefore: number,
  daysAfter: number,
): boolean | undefined => {
  const monthAndDay = /^(?:\d{4}-)?(\d\d-\d\d)$/.exec(birthday)?.[1]
  const day = dayNumber(today)
  if (monthAndDay === undefined || day === undefined) return undefined
  const year = Number(today.slice(0, 4))
  // The window may reach over New Year, so the birthdays of three years are near enough to count.
  const birthdays = [year - 1, year, year + 1].map(each => birthdayIn(each, monthAndDay))
  if (birthdays[1] === undefined) return undefined
  return birthdays.some(each => each !== undefined && each - daysBefore <= day && day <= each + daysAfter)
}
