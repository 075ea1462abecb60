"""Delays frames between two interfaces of this network namespace. ops/testbed uses it if the kernel has no netem.

usage: testbed-relay.py INTERFACE INTERFACE ROUND_TRIP_MS READY_FILE
"""
import collections
import select
import socket
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING, ETH_P_ALL = 263, 15, 23, 3
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
HELD_AT_MOST = 256 << 20


def opened(name):
    one = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    # With this header a frame keeps its checksum and segmentation state, so no offloading has to be switched off.
    one.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    one.bind((name, ETH_P_ALL))
    one.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    for forced, option in ((SO_RCVBUFFORCE, socket.SO_RCVBUF), (SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            one.setsockopt(socket.SOL_SOCKET, forced, 64 << 20)
        except PermissionError:  # in a user namespace: the largest size that the system allows
            one.setsockopt(socket.SOL_SOCKET, option, 64 << 20)
    one.setblocking(False)
    return one


def send_due(queue, out):
    """Sends the frames that are due; returns the bytes sent and the time when the next frame is due."""
    sent = 0
    while queue and queue[0][0] <= time.monotonic():
        frame = queue.popleft()[1]
        sent += len(frame)
        try:
            out.send(frame)
        except OSError:
            pass  # dropped; TCP sends it again
    return sent, queue[0][0] if queue else None


def main():
    names, delay, ready = sys.argv[1:3], float(sys.argv[3]) / 2000, sys.argv[4]
    left, right = map(opened, names)
    other = {left: right, right: left}
    queues = {left: collections.deque(), right: collections.deque()}  # frames to send on that socket
    held = {left: 0, right: 0}
    open(ready, "w").close()
    while True:
        due = []
        for out, queue in queues.items():
            sent, following = send_due(queue, out)
            held[out] -= sent
            if following is not None:
                due.append(following)
        wait = max(0.0, min(due) - time.monotonic()) if due else None
        for arrived in select.select([left, right], [], [], wait)[0]:
            out = other[arrived]
            for _ in range(64):
                try:
                    frame, address = arrived.recvfrom(70000)
                except BlockingIOError:
                    break
                except OSError:
                    time.sleep(0.05)  # the link is down
                    break
                if address[2] != socket.PACKET_OUTGOING and held[out] < HELD_AT_MOST:
                    queues[out].append((time.monotonic() + delay, frame))
                    held[out] += len(frame)


main()
