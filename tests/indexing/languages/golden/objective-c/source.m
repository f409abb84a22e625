// A small store, written to show what Objective-C says about names.
#import <Foundation/Foundation.h>
#import "Shape.h"
@import UIKit;

#define MAX_SHAPES 3

NS_ASSUME_NONNULL_BEGIN

@class Other, Third;

/** What is told of changes. */
@protocol StoreDelegate <NSObject>
- (void)store:(Store *)store didAdd:(Shape *)shape;
@optional
@property (nonatomic) NSInteger limit;
@end

/** Keeps shapes. */
@interface Store : BaseStore <Closing, NSCopying> {
  int _count;
  Shape *_last;
}
@property (nonatomic, strong) NSArray<Shape *> *shapes;
@property (nonatomic, weak) id<StoreDelegate> delegate;
- (instancetype)initWithName:(NSString *)name size:(int)size NS_DESIGNATED_INITIALIZER;
+ (Store *)shared;
@end

@interface Store () <Counting>
@property Shape *hidden;
@end

typedef NS_ENUM(NSInteger, StoreLevel) {
  StoreLevelLow,
  StoreLevelHigh = 2,
};
typedef void (^StoreBlock)(Shape *shape);

static int helper(int x) { return x; }

@implementation Store { Shape *_spare; }

@synthesize shapes = _shapes;

/** Makes one. */
- (instancetype)initWithName:(NSString *)name size:(int)size {
  self = [super init];
  if (self) {
    _last = [[Shape alloc] initWithSides:4];
    self.shapes = @[_last, _spare];
    [self reset];
  }
  return self;
}

+ (Store *)shared {
  static Store *store;
  return store ?: [[self alloc] init];
}

- (void)reset {
  Shape *shape = [Shape new];
  [shape drawAt:helper(1) inStore:self];
  [_last.parts[0] draw];
  for (Shape *each in self.shapes) { [each draw]; }
  dispatch_async(queue, ^{ [self.delegate store:self didAdd:shape]; });
  StoreBlock block = ^(Shape *given) { [given draw]; };
  NSDictionary *table = @{@"key": shape};
  @try { [self failing]; } @catch (NSException *error) { NSLog(@"%@", error); }
}

@end

@implementation Store (Drawing)
- (void)drawAll { [[Store shared] reset]; }
@end

@implementation Elsewhere
- (void)run { [self helperOf:nil]; }
@end

NS_ASSUME_NONNULL_END
