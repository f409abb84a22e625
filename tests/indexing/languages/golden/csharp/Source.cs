// A small store, written to show what C# says about names.
using System;
using static System.Math;
using Text = System.Text.StringBuilder;
global using Shop.Common;

namespace Shop.Orders
{
    /// <summary>Keeps <see cref="Order"/>s.</summary>
    /// <remarks>The rest is not told.</remarks>
    [Service("store"), Serializable]
    public abstract partial class Store<T> : Base<T>, IStore, IDisposable where T : class, new()
    {
        private readonly List<Order> orders = new(), spare;
        public const int Max = 3;
        public event EventHandler Changed;

        public Store(int size) : base(size) { this.orders = new List<Order>(); }
        static Store() { Reset(); }
        ~Store() { }

        public int Count { get; private set; } = 3;
        public Order First => orders[0].Next;
        public string Name { get { return Describe(); } set { name = value.Trim(); } }
        public Order this[int at] { get => orders[at]; }

        public async Task<Order> Find(string id, int tries = 1, params object[] rest)
        {
            var found = await Load(id);
            Order other = (found as Order)?.Next ?? orders[0];
            other!.Lines[0].Price(tries: 2);
            foreach (var each in orders) each.Close();
            using (var reader = Open()) { reader.Read(); }
            return found;
        }

        void IStore.Close() => base.Close();

        public static bool operator ==(Store<T> a, Store<T> b) => true;
        public static implicit operator int(Store<T> store) => store.Count;

        private delegate void Handler(Order order);
    }

    public record Person(string Name, Order Last) : Entity(Name);
    public struct Pair { public int X, Y; }
    public interface IReader : ISource, IDisposable { Order Read(); int Size { get; } }
    public enum Level { Low, High = 2 }

    public static class Extensions
    {
        public static int Total(this Order order) => order.Lines.Sum(line => line.Amount());

        static void Use(object o)
        {
            if (o is Order order && order.Total() > 0) { }
            switch (o) { case Person person: person.Greet(); break; }
            Func<int, int> twice = x => x * 2;
            try { Parse("1", out var number); } catch (FormatException error) { throw new StoreError(error); }
            void Local(int depth) { if (depth > 0) Local(depth - 1); }
            new Timer(delegate (object state) { Tick(state); });
            o.Changed += OnChanged;
            var (left, right) = Split(o);
            int[] numbers = { 1, 2 };
            Make<Order>(left).Close();
        }
    }
}
