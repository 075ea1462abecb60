package org.rowmill.producer.monitor;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.schemas.protocol.Heartbeat;

/** The consumers as their heartbeats tell them. Thread-safe. */
public final class ConsumerRegistry {

    private static final long LATELY_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int SENDERS_OF_A_NODE = 100;

    private final Map<String, Heartbeat> latest = new ConcurrentHashMap<>();
    private final Map<String, Long> heard = new ConcurrentHashMap<>();
    private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();
    private final Map<Sender, Long> beats = new ConcurrentHashMap<>();
    private final Rejections rejections;

    /** A consumer: its process id tells it from the one that it replaced. */
    private record Sender(String node, long pid) {}

    public ConsumerRegistry(Rejections rejections) {
        this.rejections = rejections;
    }

    /** Listens to the heartbeats, on a thread of the connection's. */
    public void listen(Connection connection, String queue) throws JMSException {
        Session session = connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
        session.createConsumer(session.createQueue(queue)).setMessageListener(this::handle);
    }

    /** A node's consumer is no longer there. */
    public void remove(String node) {
        latest.remove(node);
        heard.remove(node);
        beats.keySet().removeIf(sender -> sender.node().equals(node));
    }

    /** How many heartbeats a consumer has sent. */
    public long beats(String node, long pid) {
        return beats.getOrDefault(new Sender(node, pid), 0L);
    }

    /** How many rows a consumer had finished by its last heartbeat. */
    public long rows(String node, long pid) {
        Heartbeat last = latest.get(node);
        return last != null && last.pid() == pid ? last.rows() : 0;
    }

    /** Notes the counters of a node's mount. */
    public void mounted(String node, Traffic counters) {
        traffic.put(node, counters);
    }

    /** What went through a node's mount; empty: it has none. */
    Optional<Traffic> traffic(String node) {
        return Optional.ofNullable(traffic.get(node));
    }

    /** The latest of each, by name. */
    public List<Heartbeat> all() {
        return latest.values().stream()
                .sorted(Comparator.comparing(Heartbeat::node))
                .toList();
    }

    /** Names of those heard of lately. */
    public Set<String> names() {
        long now = System.nanoTime();
        return heard.entrySet().stream()
                .filter(entry -> now - entry.getValue() < LATELY_NANOS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    public int slots() {
        return latest.values().stream().mapToInt(Heartbeat::slots).sum();
    }

    public int busy() {
        return latest.values().stream().mapToInt(Heartbeat::busy).sum();
    }

    private void handle(Message message) {
        String node = "";
        try {
            BytesMessage bytes = (BytesMessage) message;
            byte[] body = new byte[Math.toIntExact(bytes.getBodyLength())];
            bytes.readBytes(body);
            node = Heartbeat.sender(body);
            add(Heartbeat.decode(body));
        } catch (JMSException | IOException e) {
            rejections.rejected(node, Rejection.HEARTBEAT);
        }
    }

    /** The broker lets nobody send under another's name. */
    private void add(Heartbeat heartbeat) {
        String node = heartbeat.node();
        latest.put(node, heartbeat);
        heard.put(node, System.nanoTime());
        Sender sender = new Sender(node, heartbeat.pid());
        if (beats.merge(sender, 1L, Long::sum) == 1) {
            forgetOld(sender);
        }
    }

    /** A node that makes process ids up would fill the memory. */
    private void forgetOld(Sender latestOfNode) {
        long known = beats.keySet().stream()
                .filter(sender -> sender.node().equals(latestOfNode.node()))
                .count();
        if (known > SENDERS_OF_A_NODE) {
            beats.keySet()
                    .removeIf(sender -> sender.node().equals(latestOfNode.node()) && !sender.equals(latestOfNode));
        }
    }
}
