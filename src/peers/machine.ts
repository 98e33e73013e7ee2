/** The one state machine that plays a peer model, in the lab and live. Pure: an input gives the next state and what to do. */
export { startHttpPeer, stepHttpPeer, type HttpPeerState } from './http-peer.js'
export { scriptFor } from './script-for.js'
export { startSocketPeer, stepSocketPeer, type SocketPeerState } from './socket-peer.js'
