// Microsoft's own SignalR client, as another program would use it: connects to /hubs/live and prints each event's name and size.
const path = require('path');
const [, , root, url, key] = process.argv;
const { HubConnectionBuilder, LogLevel } = require(path.join(root, 'build/npm/node_modules/@microsoft/signalr'));
const connection = new HubConnectionBuilder()
  .withUrl(`${url}hubs/live`, { accessTokenFactory: () => key })
  .configureLogging(LogLevel.Error)
  .build();
connection.on('event', (name, payload) => console.log(`${name} ${payload.tenantId} ${(payload.leadIds ?? []).length}`));
connection.onclose(() => process.exit(0));
connection.start().then(() => console.log('connected'), error => { console.log(`refused ${error.message}`); process.exit(1); });
process.stdin.on('end', () => process.exit(0)).resume();
