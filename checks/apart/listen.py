#!/usr/bin/python3
"""What services have told the programs outside of the cloud, heard by oslo.messaging's own listener.

usage: listen.py URL EXCHANGE
Prints a line of JSON for each notification of the priority INFO that waits in the broker; ends when no more come.
"""
import json
import queue
import sys

import oslo_messaging
from oslo_config import cfg

QUIET = 3


class Ear:
    def __init__(self):
        self.heard = queue.Queue()

    def info(self, context, publisher_id, event_type, payload, metadata):
        self.heard.put({'publisher_id': publisher_id, 'event_type': event_type, 'payload': payload})


url, exchange = sys.argv[1:]
settings = cfg.ConfigOpts()
settings([])
ear = Ear()
listener = oslo_messaging.get_notification_listener(
    oslo_messaging.get_notification_transport(settings, url=url),
    [oslo_messaging.Target(exchange=exchange, topic='notifications')], [ear], executor='threading')
listener.start()
try:
    while True:
        print(json.dumps(ear.heard.get(timeout=QUIET)), flush=True)
except queue.Empty:
    pass
finally:
    listener.stop()
    listener.wait()
