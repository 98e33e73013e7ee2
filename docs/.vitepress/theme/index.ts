import theme from 'vitepress/theme-without-fonts'
import './lanecheck.css'

export default theme
