package org.rowmill.consumer.work;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small file of numbers. It stays open until the process ends. Thread-safe for different positions. */
sealed interface SlotFile {

    /** Writes a number at a position in bytes. */
    void put(int position, long value);

    /** Reads a number at a position in bytes. */
    long get(int position);

    /** Opens a file. Some file systems cannot map files into memory, for example some of FUSE. */
    static SlotFile open(Path file, int bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Mapped(channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes));
        } catch (IOException e) {
            return written(file, bytes);
        }
    }

    /** Opens a file without mapping it. */
    static SlotFile written(Path file, int bytes) throws IOException {
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        opened.setLength(bytes);
        return new Written(opened);
    }

    /** In memory: a write costs nothing. */
    record Mapped(MappedByteBuffer numbers) implements SlotFile {
        @Override
        public void put(int position, long value) {
            numbers.putLong(position, value);
        }

        @Override
        public long get(int position) {
            return numbers.getLong(position);
        }
    }

    /** By system calls. No channel: the interrupt of a row would close it. */
    record Written(RandomAccessFile numbers) implements SlotFile {
        @Override
        public void put(int position, long value) {
            synchronized (numbers) {
                try {
                    numbers.seek(position);
                    numbers.writeLong(value);
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write which rows are being computed", e);
                }
            }
        }

        @Override
        public long get(int position) {
            synchronized (numbers) {
                try {
                    numbers.seek(position);
                    return numbers.readLong();
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot read which rows are being computed", e);
                }
            }
        }
    }
}
