import '@mantine/notifications/styles.layer.css'
import { Notifications } from '@mantine/notifications'

const Notices = () => <Notifications position="bottom-center" limit={3} />

export default Notices
