import { till } from './till-state.ts'

let speaker: AudioContext | undefined

/** A short sound, high for what was taken and low for what was not, on tills that want one. */
export const sound = (isTaken: boolean): void => {
  if (!till().hasSounds) return
  speaker ??= new AudioContext()
  const tone = speaker.createOscillator()
  tone.frequency.value = isTaken ? 1200 : 300
  tone.connect(speaker.destination)
  tone.start()
  tone.stop(speaker.currentTime + 0.08)
}
