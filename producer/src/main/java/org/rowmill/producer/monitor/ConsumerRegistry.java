package org.rowmill.producer.monitor;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rowmill.broker.Rejection;
import org.rowmill.broker.Rejections;
import org.rowmill.mounter.sftp.Traffic;
import org.rowmill.schemas.protocol.Heartbeat;

/** The consumers of a run, as their last heartbeats describe them. Thread-safe. */
public final class ConsumerRegistry {

    private static final long RECENT_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int CONSUMERS_PER_NODE = 100;

    /** A hostile node may invent more, which would overflow. */
    private static final long LONGEST_MILLIS = Duration.ofDays(3650).toMillis();

    private final Map<String, Heartbeat> latest = new ConcurrentHashMap<>();
    private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();
    private final Map<String, InHand> inHandSince = new ConcurrentHashMap<>();
    private final Map<String, Traffic> traffic = new ConcurrentHashMap<>();
    private final Set<String> draining = ConcurrentHashMap.newKeySet();
    private final Map<ConsumerId, Long> beats = new ConcurrentHashMap<>();
    private final Rejections rejections;
    private final LongSupplier nanoTime;

    /** One consumer process. A replaced consumer has the same node and another process id. */
    private record ConsumerId(String node, long pid) {}

    /**
     * Since when a consumer has been computing its rows.
     *
     * @param pid process id of the consumer
     * @param since times by the numbers of the rows
     */
    private record InHand(long pid, Map<Long, Long> since) {}

    /**
     * Starts without consumers.
     *
     * @param rejections counts invalid heartbeats
     */
    public ConsumerRegistry(Rejections rejections) {
        this(rejections, System::nanoTime);
    }

    ConsumerRegistry(Rejections rejections, LongSupplier nanoTime) {
        this.rejections = rejections;
        this.nanoTime = nanoTime;
    }

    /** Receives heartbeats, on a thread of the connection. */
    public void listen(Connection connection, String queue) throws JMSException {
        Session session = connection.createSession(false, Session.DUPS_OK_ACKNOWLEDGE);
        session.createConsumer(session.createQueue(queue)).setMessageListener(this::handle);
    }

    /** Forgets the consumers of a node. */
    public void remove(String node) {
        latest.remove(node);
        lastSeen.remove(node);
        inHandSince.remove(node);
        draining.remove(node);
        beats.keySet().removeIf(consumer -> consumer.node().equals(node));
    }

    /** Counts the heartbeats that a consumer has sent. */
    public long beats(String node, long pid) {
        return beats.getOrDefault(new ConsumerId(node, pid), 0L);
    }

    /** Returns how many rows a consumer had finished at its last heartbeat. */
    public long rows(String node, long pid) {
        Heartbeat last = latest.get(node);
        return last != null && last.pid() == pid ? last.rows() : 0;
    }

    /** Adds the counters of the mount of a node. */
    public void mounted(String node, Traffic counters) {
        traffic.put(node, counters);
    }

    /** Returns the counters of the mount of a node; empty if it has none. */
    Optional<Traffic> traffic(String node) {
        return Optional.ofNullable(traffic.get(node));
    }

    /** Returns the last heartbeat of each node, ordered by name. */
    public List<Heartbeat> all() {
        return latest.values().stream()
                .sorted(Comparator.comparing(Heartbeat::node))
                .toList();
    }

    /** Records that a node receives no more rows. It is none of {@link #names} from now on. */
    public void drained(String node) {
        draining.add(node);
    }

    /** Returns the names of the nodes that receive rows and sent a heartbeat in the last 5 s. */
    public Set<String> names() {
        long now = nanoTime.getAsLong();
        return lastSeen.entrySet().stream()
                .filter(entry -> now - entry.getValue() < RECENT_NANOS)
                .map(Map.Entry::getKey)
                .filter(node -> !draining.contains(node))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the numbers of the rows that the consumer of a node was computing at its last heartbeat. */
    public List<Long> inHand(String node) {
        Heartbeat last = latest.get(node);
        return last == null ? List.of() : last.inHand();
    }

    /** Returns for how long each row in a slot has been computed, in nanoseconds, to about a second. */
    public long[] inHandNanos() {
        long now = nanoTime.getAsLong();
        return inHandSince.values().stream()
                .flatMap(node -> node.since().values().stream())
                .mapToLong(since -> Math.max(0, now - since))
                .toArray();
    }

    /** Returns the maximum heap of the consumer of a node, in bytes; 0 if the node has sent no heartbeat. */
    public long heapBytes(String node) {
        Heartbeat last = latest.get(node);
        return last == null ? 0 : last.heapBytes();
    }

    /** Returns the number of slots of each node that sent a heartbeat in the last 5 s. */
    public Map<String, Integer> slotsByNode() {
        Set<String> names = names();
        return latest.values().stream()
                .filter(heartbeat -> names.contains(heartbeat.node()))
                .collect(Collectors.toUnmodifiableMap(Heartbeat::node, Heartbeat::slots));
    }

    /** Counts the slots of all consumers. */
    public int slots() {
        return latest.values().stream().mapToInt(Heartbeat::slots).sum();
    }

    /** Counts the slots that compute a row. */
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

    /** The name is true: the broker accepts no message that names another node as its sender. */
    void add(Heartbeat heartbeat) {
        String node = heartbeat.node();
        long now = nanoTime.getAsLong();
        latest.put(node, heartbeat);
        lastSeen.put(node, now);
        inHandSince.compute(node, (name, before) -> inHand(heartbeat, before, now));
        ConsumerId consumer = new ConsumerId(node, heartbeat.pid());
        if (beats.merge(consumer, 1L, Long::sum) == 1) {
            forgetReplaced(consumer);
        }
    }

    /** The consumer reports the time of its oldest row; the others began after that, at the first heartbeat with them. */
    private static InHand inHand(Heartbeat heartbeat, @Nullable InHand before, long now) {
        Map<Long, Long> known = before == null || before.pid() != heartbeat.pid() ? Map.of() : before.since();
        long oldestMillis = Math.min(Math.max(0, heartbeat.oldestMillis()), LONGEST_MILLIS);
        long oldest = now - Duration.ofMillis(oldestMillis).toNanos();
        Map<Long, Long> since = new HashMap<>();
        for (long row : heartbeat.inHand()) {
            long seen = known.getOrDefault(row, now);
            since.put(row, row == heartbeat.oldestRow() || seen - oldest < 0 ? oldest : seen);
        }
        return new InHand(heartbeat.pid(), Map.copyOf(since));
    }

    /** Otherwise a hostile node that invents process ids would fill the memory. */
    private void forgetReplaced(ConsumerId newest) {
        long known = beats.keySet().stream()
                .filter(consumer -> consumer.node().equals(newest.node()))
                .count();
        if (known > CONSUMERS_PER_NODE) {
            beats.keySet().removeIf(consumer -> consumer.node().equals(newest.node()) && !consumer.equals(newest));
        }
    }
}
