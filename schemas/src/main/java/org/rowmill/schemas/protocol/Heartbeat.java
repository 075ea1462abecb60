package org.rowmill.schemas.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a consumer sends to the head about once a second to show that it works.
 *
 * @param node name of the node
 * @param pid process id of the consumer on the node
 * @param slots number of slots
 * @param inHand numbers of the rows in the busy slots
 * @param rows number of rows that the consumer has finished
 * @param oldestRow number of the row that has been in a slot for the longest time; -1: none
 * @param oldestMillis this time in milliseconds
 * @param heapBytes maximum heap of the JVM of the consumer, in bytes
 */
public record Heartbeat(
        String node,
        long pid,
        int slots,
        List<Long> inHand,
        long rows,
        long oldestRow,
        long oldestMillis,
        long heapBytes) {

    private static final int MOST_SLOTS = 1 << 20;

    public Heartbeat {
        Objects.requireNonNull(node);
        inHand = List.copyOf(inHand);
        if (slots < 0 || inHand.size() > slots || slots > MOST_SLOTS) {
            throw new IllegalArgumentException("at most " + MOST_SLOTS
                    + " slots were expected, of which at most all are busy, not " + inHand.size() + " busy slots of "
                    + slots);
        }
        if (heapBytes < 0) {
            throw new IllegalArgumentException("a heap of 0 bytes or more was expected, not " + heapBytes);
        }
    }

    /** Returns the number of busy slots. */
    public int busy() {
        return inHand.size();
    }

    /**
     * Returns the bytes with which each heartbeat of a node begins, and no heartbeat of another node.
     *
     * @param node name of the node
     * @return the first bytes of the body
     */
    public static byte[] beginning(String node) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(node);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Encodes the heartbeat.
     *
     * @return the body of a message
     */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(node);
            out.writeLong(pid);
            out.writeInt(slots);
            out.writeInt(inHand.size());
            for (long row : inHand) {
                out.writeLong(row);
            }
            out.writeLong(rows);
            out.writeLong(oldestRow);
            out.writeLong(oldestMillis);
            out.writeLong(heapBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads which node sent a heartbeat, even if the rest of the heartbeat cannot be read.
     *
     * @param body the body of a message
     * @return name of the node
     * @throws IOException if the body does not begin with a name
     */
    public static String sender(byte[] body) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(body)).readUTF();
    }

    private static List<Long> readRows(DataInputStream in) throws IOException {
        int busy = in.readInt();
        if (busy < 0 || busy > in.available() / Long.BYTES) {
            throw new IOException("a heartbeat was expected, but its rows are cut short");
        }
        List<Long> rows = new ArrayList<>();
        for (int i = 0; i < busy; i++) {
            rows.add(in.readLong());
        }
        return rows;
    }

    /**
     * Decodes what {@link #encode()} returned.
     *
     * @param body the body of a message
     * @return the heartbeat
     * @throws IOException if the body is no heartbeat
     */
    public static Heartbeat decode(byte[] body) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(body));
        Heartbeat read;
        try {
            read = new Heartbeat(
                    in.readUTF(),
                    in.readLong(),
                    in.readInt(),
                    readRows(in),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong());
        } catch (IllegalArgumentException e) {
            throw new IOException("a heartbeat was expected: " + e.getMessage(), e);
        }
        if (in.available() > 0) {
            throw new IOException("a heartbeat was expected, but the message has " + in.available() + " more bytes");
        }
        return read;
    }
}
