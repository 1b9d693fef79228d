import { contextBridge, ipcRenderer } from 'electron';

/** Hands the page one port to the core each time the core is there, and the word when it is not. Nothing else. */
ipcRenderer.on('limen:port', (event) => window.postMessage('limen:wire', '*', [...event.ports]));
ipcRenderer.on('limen:out-of-service', () => window.postMessage('limen:out-of-service', '*'));
contextBridge.exposeInMainWorld('limen', { ready: () => ipcRenderer.send('limen:ready') });
