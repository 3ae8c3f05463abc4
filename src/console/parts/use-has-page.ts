import { useRouter } from '@tanstack/react-router'

/**
 * Whether an address leads to a page of the console; what is open to other faces, or does not exist, is no link.
 *
 *     useHasPage()('/orders/web-1')   // true where there is a page /orders/$id
 */
export const useHasPage = (): ((address: string) => boolean) => {
  const { routesByPath } = useRouter()
  return address => {
    const steps = address.split(/[?#]/)[0]!.split('/')
    return Object.keys(routesByPath).some(path => {
      const its = path.split('/')
      return its.length === steps.length && its.every((step, place) => step.startsWith('$') || step === steps[place])
    })
  }
}
