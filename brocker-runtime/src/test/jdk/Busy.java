import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What applications do with the kernel, on every JDK from 17; it ends with code 0 and the word "done", or with an exception. */
public final class Busy {
    private static final Path DIRECTORY = Path.of("/app");

    public static void main(String[] arguments) throws Exception {
        threads();
        virtualThreads();
        sockets(ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        sockets(ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(DIRECTORY.resolve("socket"))));
        files();
        watching();
        processes();
        check(NetworkInterface.networkInterfaces().count() >= 2, "network interfaces");
        check(InetAddress.getByName("localhost").isLoopbackAddress(), "names");
        System.gc();
        System.out.println("done on " + Runtime.version().feature());
    }

    private static void threads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(20);
        List<java.util.concurrent.Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            results.add(pool.submit(() -> {
                Thread.sleep(1);
                return number;
            }));
        }
        int sum = 0;
        for (var result : results) {
            sum += result.get();
        }
        check(sum == 199 * 100, "threads");
        pool.shutdown();
        check(pool.awaitTermination(10, TimeUnit.SECONDS), "end of the pool");
    }

    private static void virtualThreads() throws Exception {
        if (Runtime.version().feature() >= 21) {
            var count = new java.util.concurrent.atomic.AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            var start = Thread.class.getMethod("startVirtualThread", Runnable.class);
            for (int i = 0; i < 1000; i++) {
                threads.add((Thread) start.invoke(null, (Runnable) () -> {
                    try {
                        Thread.sleep(5);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    count.incrementAndGet();
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            check(count.get() == 1000, "virtual threads");
        }
    }

    private static void sockets(ServerSocketChannel server) throws Exception {
        try (server;
                Selector selector = Selector.open()) {
            server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            Thread client = new Thread(() -> {
                try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
                    channel.write(ByteBuffer.wrap("hello".getBytes()));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            client.start();
            check(selector.select(10_000) == 1, "selector");
            try (SocketChannel accepted = server.accept()) {
                ByteBuffer buffer = ByteBuffer.allocate(5);
                while (buffer.hasRemaining() && accepted.read(buffer) >= 0) {}
                check(new String(buffer.array()).equals("hello"), "sockets");
            }
            client.join();
        }
    }

    private static void files() throws Exception {
        Path file = DIRECTORY.resolve("file");
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw");
                FileChannel channel = random.getChannel();
                var lock = channel.lock()) {
            var map = channel.map(FileChannel.MapMode.READ_WRITE, 0, 1 << 16);
            map.put(0, (byte) 7);
            map.force();
            channel.force(true);
        }
        try (FileChannel from = FileChannel.open(file);
                FileChannel to =
                        FileChannel.open(DIRECTORY.resolve("copy"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            check(from.transferTo(0, 1 << 16, to) == 1 << 16, "transfer");
        }
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            check(channel.read(buffer, 0).get() == 1 && buffer.get(0) == 7, "asynchronous file");
        }
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(DIRECTORY.resolve("link"), file);
        Files.copy(file, DIRECTORY.resolve("second"));
        Files.move(DIRECTORY.resolve("second"), DIRECTORY.resolve("third"));
        check(Files.getFileStore(file).getTotalSpace() > 0, "file store");
    }

    private static void watching() throws Exception {
        Path directory = Files.createDirectory(DIRECTORY.resolve("watched"));
        try (WatchService watcher = DIRECTORY.getFileSystem().newWatchService()) {
            directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            Files.createFile(directory.resolve("new"));
            WatchKey key = watcher.poll(10, TimeUnit.SECONDS);
            check(key != null && key.pollEvents().size() == 1, "watching");
        }
    }

    private static void processes() throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "read word; echo $word").start();
        process.getOutputStream().write("said\n".getBytes());
        process.getOutputStream().flush();
        try (InputStream said = process.getInputStream()) {
            check(new String(said.readAllBytes()).equals("said\n") && process.waitFor() == 0, "processes");
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
