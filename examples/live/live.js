// Live in a browser, without dependencies: one WebSocket for all subscriptions. It goes on from the last place when the connection breaks, and
// says so when something may have been missed.

/**
 * Opens a connection that stays.
 *
 *     const live = connect();
 *     const stop = live.subscribe({any: ['news']}, update => show(update.data), () => reload());
 *
 * @param {string} url of the WebSocket; by itself /.live/ws of this page's host
 */
export function connect(url = location.origin.replace(/^http/, 'ws') + '/.live/ws') {
    const subscriptions = new Map();
    let socket = null;
    let attempts = 0;
    let count = 0;
    let closed = false;
    let timer = null;

    function open() {
        timer = null;
        socket = new WebSocket(url);
        socket.onopen = () => {
            attempts = 0;
            for (const [name, subscription] of subscriptions) {
                ask(name, subscription);
            }
        };
        socket.onmessage = message => hear(JSON.parse(message.data));
        socket.onclose = event => {
            // 4400 to 4499: to come again would not help, but for 4429, which asks for patience.
            if (closed || (event.code >= 4400 && event.code < 4500 && event.code !== 4429)) {
                return;
            }
            attempts++;
            // Thousands that lose one node do not come to the next one at once.
            const most = Math.min(30000, 500 * 2 ** attempts);
            timer = setTimeout(open, most / 4 + Math.random() * most * 3 / 4);
        };
    }

    function ask(name, {all, any, at}) {
        socket.send(JSON.stringify({subscribe: name, all, any, from: at}));
    }

    function hear(message) {
        const subscription = subscriptions.get(message.q);
        if (!subscription) {
            if (message.error) {
                console.warn('Live: ' + message.error);
            }
            return;
        }
        subscription.at = message.at;
        if (message.recovered === false) {
            subscription.missed();
        } else if (message.data !== undefined) {
            subscription.update(message);
        }
    }

    open();
    return {
        /**
         * Hears of updates that have all of some keys, and one of others.
         *
         * @param {{all?: string[], any?: string[], from?: string}} selector
         * @param {(update: {at: string, keys: string[], type?: string, data: string}) => void} update
         * @param {() => void} missed called when updates may have been missed: read the state anew
         * @returns {() => void} ends it
         */
        subscribe({all = [], any = [], from = ''}, update, missed = () => {}) {
            const name = String(++count);
            const subscription = {all, any, at: from, update, missed};
            subscriptions.set(name, subscription);
            if (socket.readyState === WebSocket.OPEN) {
                ask(name, subscription);
            }
            return () => {
                subscriptions.delete(name);
                if (socket.readyState === WebSocket.OPEN) {
                    socket.send(JSON.stringify({unsubscribe: name}));
                }
            };
        },

        /** Ends the connection, and does not come again. */
        close() {
            closed = true;
            clearTimeout(timer);
            socket.close();
        },
    };
}
