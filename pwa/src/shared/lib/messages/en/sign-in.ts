/* Signing in */
import type { FurtherMessages } from '../../i18n.ts'

const words: Record<keyof FurtherMessages['signIn'], string> & Record<`${string}|one`, string> = {
  'signin.morning': 'Good morning',
  'signin.morning.name': 'Good morning, {name}',
  'signin.day': 'Hello',
  'signin.day.name': 'Hello, {name}',
  'signin.evening': 'Good evening',
  'signin.evening.name': 'Good evening, {name}',
  'signin.waiting': 'See who is waiting today',
  'signin.people': 'Colleagues on this phone',
  'signin.phone': 'Phone number',
  'signin.password': 'Password',
  'signin.show': 'Show password',
  'signin.go': 'Sign in',
  'signin.both': 'Phone number and password are both needed',
  'signin.wrong': 'The phone number or password is not right',
  'signin.toomany': 'Too many tries; come back in a while',
  'signin.offline': 'Not connected; signing in needs a connection',
  'signin.kept': '{n} entries on this phone are not sent yet; they go out once you sign in',
  'signin.kept|one': '1 entry on this phone is not sent yet; it goes out once you sign in',
  'signin.foot': 'Phone numbers stay masked',
}

export default words
