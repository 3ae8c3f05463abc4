/** Periods that limits and caps count by; their names are `offers.limit.period.day` … */
export const periodDays = ['day', 'week', 'month'] as const
export const periods = ['hour', ...periodDays] as const
