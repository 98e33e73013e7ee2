import { render } from 'preact'
import { App } from './app.js'
import { cellsOf, readIndex } from './data.js'
import './report.css'

const index = readIndex()
render(<App index={index} cells={cellsOf(index)} />, document.getElementById('app')!)
